# Draws phase.png again: gnuplot phase.gp
set terminal pngcairo size 1180,630 enhanced font 'DejaVu Sans,11'
set output 'phase.png'
set multiplot title 'trained-head-from-zero: n = 20, T = 8, ρ = 0.1, η = 0.2, 1000 steps, one seed'
set datafile missing 'nan'
set border lc '#555555' front
set tics textcolor '#000000' front
unset key
set object 1 rectangle from graph 0,0 to graph 1,1 behind fc rgb '#d8d8d8' fs noborder
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
unset logscale x
set xtics 1000 nomirror out
set xrange [125:5125]
set xlabel 'dimension of a token, d'
unset logscale y
set ytics 20 nomirror out
set yrange [2.5:102.5]
set ylabel 'length of the signals, ‖μ‖'
set arrow 101 from screen 0.10000,screen 0.11429 to screen 0.16441,screen 0.11429 nohead front lw 4.5 dt solid lc rgb '#000000'
set arrow 102 from screen 0.10000,screen 0.11429 to screen 0.16441,screen 0.11429 nohead front lw 2.2 dt solid lc rgb '#56B4E9'
set label 102 'measured: test error of 1/4' at screen 0.17458,screen 0.11429 left
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
plot 'phase.tsv' index 0 using 1:2:3:($4+12.19512195):5:($6+0.2564102564):7 with boxxyerror fs solid 1 noborder lc palette notitle, \
     'phase.tsv' index 1 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'phase.tsv' index 1 using 1:2 with lines lw 2.2 dt solid lc rgb '#56B4E9' notitle
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
plot 'phase.tsv' index 0 using 1:2:3:($4+12.19512195):5:($6+0.2564102564):8 with boxxyerror fs solid 1 noborder lc palette notitle, \
     'phase.tsv' index 1 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'phase.tsv' index 1 using 1:2 with lines lw 2.2 dt solid lc rgb '#56B4E9' notitle
unset multiplot

