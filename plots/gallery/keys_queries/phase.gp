# Draws phase.png again: gnuplot phase.gp
set terminal pngcairo size 1180,630 enhanced font 'DejaVu Sans,11'
set output 'phase.png'
set multiplot title 'keys-queries: T = 4, d = 10^{10}, ρ = 0, η = 0, d_h = 64, ‖w_O‖ = 1, gradient flow to log(τ/τ₀) = 4, one seed'
set datafile missing 'nan'
set border lc '#555555' front
set tics textcolor '#000000' front
unset key
set object 1 rectangle from graph 0,0 to graph 1,1 behind fc rgb '#d8d8d8' fs noborder
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
set logscale x
set xtics ('5' 5, '10' 10, '20' 20, '50' 50) nomirror out
set xrange [3.265986324:75.49028155]
set xlabel 'training samples, n'
set logscale y
set ytics ('10' 10, '100' 100, '1000' 1000) nomirror out
set yrange [7.884726155:3804.824595]
set ylabel 'strength of the shared signal, n SNR²'
set cbrange [0:0.7]
set cblabel 'logistic loss (nats)'
set lmargin at screen 0.07627
set rmargin at screen 0.42373
set bmargin at screen 0.26190
set tmargin at screen 0.88095
set colorbox vertical user origin screen 0.43559,0.26190 size screen 0.01356,0.61905
set cbtics out nomirror scale 0.6
unset colorbox
set title 'training loss'
plot 'phase.tsv' index 0 using 1:2:3:($4*1.007689025):5:($6*1.015970019):7 with boxxyerror fs solid 1 noborder lc palette notitle
unset arrow
unset label
set lmargin at screen 0.50000
set rmargin at screen 0.84746
set bmargin at screen 0.26190
set tmargin at screen 0.88095
set colorbox vertical user origin screen 0.85932,0.26190 size screen 0.01356,0.61905
set cbtics out nomirror scale 0.6
set colorbox
set ylabel ''
set title 'test loss'
plot 'phase.tsv' index 0 using 1:2:3:($4*1.007689025):5:($6*1.015970019):8 with boxxyerror fs solid 1 noborder lc palette notitle
unset multiplot

