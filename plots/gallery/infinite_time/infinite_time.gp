# Draws infinite_time.png again: gnuplot infinite_time.gp
set terminal pngcairo size 1300,600 enhanced font 'DejaVu Sans,11'
set output 'infinite_time.png'
set multiplot title 'n = 20, T = 8, ρ = 0.1, η = 0.2, gradient flow to log(τ/τ₀) = 20, mean of 4 seeds'
set datafile missing 'nan'
set border lc '#555555' front
set tics textcolor '#000000' front
unset key
set object 1 rectangle from graph 0,0 to graph 1,1 behind fc rgb '#d8d8d8' fs noborder
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
set logscale x
set xtics ('1000' 1000, '10000' 10000, '10^{5}' 100000, '10^{6}' 1000000, '10^{7}' 10000000, '10^{8}' 100000000, '10^{9}' 1000000000) nomirror out
set xrange [681.36081:1467799268]
set xlabel 'dimension of a token, d'
set logscale y
set ytics ('0.01' 0.01, '0.1' 0.1, '1' 1) nomirror out
set yrange [0.00259447378:1.156303842]
set ylabel 'signal-to-noise ratio, SNR = ‖μ‖ / (σ√d)'
set arrow 101 from screen 0.10000,screen 0.12000 to screen 0.15846,screen 0.12000 nohead front lw 4.5 dt solid lc rgb '#000000'
set arrow 102 from screen 0.10000,screen 0.12000 to screen 0.15846,screen 0.12000 nohead front lw 2.2 dt solid lc rgb '#56B4E9'
set label 102 'measured: test loss half way to its floor' at screen 0.16769,screen 0.12000 left
set arrow 103 from screen 0.58000,screen 0.12000 to screen 0.63846,screen 0.12000 nohead front lw 4.5 dt solid lc rgb '#000000'
set arrow 104 from screen 0.58000,screen 0.12000 to screen 0.63846,screen 0.12000 nohead front lw 2.2 dt (16,9) lc rgb '#FFFFFF'
set label 104 'predicted: SNR = d^{−1/4}' at screen 0.64769,screen 0.12000 left
set arrow 105 from screen 0.58000,screen 0.08000 to screen 0.63846,screen 0.08000 nohead front lw 4.5 dt solid lc rgb '#000000'
set arrow 106 from screen 0.58000,screen 0.08000 to screen 0.63846,screen 0.08000 nohead front lw 2.2 dt (5,6) lc rgb '#FFFFFF'
set label 106 'predicted: SNR = n^{−1/2}' at screen 0.64769,screen 0.08000 left
set arrow 107 from screen 0.58000,screen 0.04000 to screen 0.63846,screen 0.04000 nohead front lw 4.5 dt solid lc rgb '#000000'
set arrow 108 from screen 0.58000,screen 0.04000 to screen 0.63846,screen 0.04000 nohead front lw 2.2 dt (18,6,4,6) lc rgb '#FFFFFF'
set label 108 'predicted: n SNR² = x_c' at screen 0.64769,screen 0.04000 left
set cbrange [0:0.5]
set cblabel 'test error'
set lmargin at screen 0.06923
set rmargin at screen 0.31538
set bmargin at screen 0.27500
set tmargin at screen 0.84167
set colorbox vertical user origin screen 0.32615,0.27500 size screen 0.01231,0.56667
set cbtics out nomirror scale 0.6
unset colorbox
set title 'at the end of the runs'
plot 'infinite_time.tsv' index 0 using 1:2:3:($4*1.046626025):5:($6*1.018101889):7 with boxxyerror fs solid 1 noborder lc palette notitle, \
     'infinite_time.tsv' index 2 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 2 using 1:2 with lines lw 2.2 dt (16,9) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 3 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 3 using 1:2 with lines lw 2.2 dt (5,6) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 4 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 4 using 1:2 with lines lw 2.2 dt (18,6,4,6) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 1 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 1 using 1:2 with lines lw 2.2 dt solid lc rgb '#56B4E9' notitle
unset arrow
unset label
set lmargin at screen 0.36923
set rmargin at screen 0.61538
set bmargin at screen 0.27500
set tmargin at screen 0.84167
set colorbox vertical user origin screen 0.62615,0.27500 size screen 0.01231,0.56667
set cbtics out nomirror scale 0.6
unset colorbox
set ylabel ''
set title 'at infinite time, along q*'
plot 'infinite_time.tsv' index 0 using 1:2:3:($4*1.046626025):5:($6*1.018101889):8 with boxxyerror fs solid 1 noborder lc palette notitle, \
     'infinite_time.tsv' index 2 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 2 using 1:2 with lines lw 2.2 dt (16,9) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 3 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 3 using 1:2 with lines lw 2.2 dt (5,6) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 4 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 4 using 1:2 with lines lw 2.2 dt (18,6,4,6) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 1 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 1 using 1:2 with lines lw 2.2 dt solid lc rgb '#56B4E9' notitle
set lmargin at screen 0.66923
set rmargin at screen 0.91538
set bmargin at screen 0.27500
set tmargin at screen 0.84167
set colorbox vertical user origin screen 0.92615,0.27500 size screen 0.01231,0.56667
set cbtics out nomirror scale 0.6
set colorbox
set ylabel ''
set title 'at infinite time, the law'
plot 'infinite_time.tsv' index 0 using 1:2:3:($4*1.046626025):5:($6*1.018101889):9 with boxxyerror fs solid 1 noborder lc palette notitle, \
     'infinite_time.tsv' index 2 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 2 using 1:2 with lines lw 2.2 dt (16,9) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 3 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 3 using 1:2 with lines lw 2.2 dt (5,6) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 4 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 4 using 1:2 with lines lw 2.2 dt (18,6,4,6) lc rgb '#FFFFFF' notitle, \
     'infinite_time.tsv' index 1 using 1:2 with lines lw 4.5 dt solid lc rgb '#000000' notitle, \
     'infinite_time.tsv' index 1 using 1:2 with lines lw 2.2 dt solid lc rgb '#56B4E9' notitle
unset multiplot
