# Draws ladder.png again: gnuplot ladder.gp
set terminal pngcairo size 1180,760 enhanced font 'DejaVu Sans,11'
set output 'ladder.png'
set multiplot layout 2,2 margins char 10,char 24,char 4,char 4 spacing char 12,char 6 title 'n = 20, T = 8, ρ = 0.1, η = 0.2: generalisation is delayed like 1/(n SNR²)'
set datafile missing 'nan'
set grid lc '#dddddd'
set border lc '#555555'
set tics textcolor '#000000'
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
set logscale cb
set cbrange [0.01:1.3]
unset colorbox
set xlabel 'log(τ/τ₀)'
set ylabel 'loss: test, and train (dotted)'
set logscale x
set xrange [1:700]
set yrange [0.38:*]
unset arrow
unset label
unset key
plot 'ladder.tsv' index 0 using 2:4:1 with lines lw 2.5 lc palette title '0.01', \
     'ladder.tsv' index 0 using 2:5:1 with lines lw 1.5 dt 3 lc palette notitle, \
     'ladder.tsv' index 1 using 2:4:1 with lines lw 2.5 lc palette title '0.03', \
     'ladder.tsv' index 1 using 2:5:1 with lines lw 1.5 dt 3 lc palette notitle, \
     'ladder.tsv' index 2 using 2:4:1 with lines lw 2.5 lc palette title '0.1', \
     'ladder.tsv' index 2 using 2:5:1 with lines lw 1.5 dt 3 lc palette notitle, \
     'ladder.tsv' index 3 using 2:4:1 with lines lw 2.5 lc palette title '0.3', \
     'ladder.tsv' index 3 using 2:5:1 with lines lw 1.5 dt 3 lc palette notitle, \
     'ladder.tsv' index 4 using 2:4:1 with lines lw 2.5 lc palette title '1', \
     'ladder.tsv' index 4 using 2:5:1 with lines lw 1.5 dt 3 lc palette notitle, \
     0.400834 with lines lc rgb '#555555' dt 2 title 'floor'
set xlabel 'n SNR² log(τ/τ₀)'
set ylabel 'test loss'
unset logscale x
set xrange [0:18.62]
set yrange [0.38:*]
unset arrow
unset label
set arrow 1 from first 6.20729,graph 0 to first 6.20729,graph 1 nohead lw 2 dt 2 lc rgb '#555555'
set label 1 'log T/c*' at first 6.20729,graph 0.92 offset char 0.7,0
set key at graph 1.04,graph 1 left top Left reverse samplen 2 title 'n SNR²'
plot 'ladder.tsv' index 0 using 3:4:1 with lines lw 2.5 lc palette title '0.01', \
     'ladder.tsv' index 1 using 3:4:1 with lines lw 2.5 lc palette title '0.03', \
     'ladder.tsv' index 2 using 3:4:1 with lines lw 2.5 lc palette title '0.1', \
     'ladder.tsv' index 3 using 3:4:1 with lines lw 2.5 lc palette title '0.3', \
     'ladder.tsv' index 4 using 3:4:1 with lines lw 2.5 lc palette title '1', \
     0.400834 with lines lc rgb '#555555' dt 2 title 'floor'
set xlabel 'log(τ/τ₀)'
set ylabel 'test: attention on the relevant token'
set logscale x
set xrange [1:700]
set yrange [-0.03:1.03]
unset arrow
unset label
unset key
plot 'ladder.tsv' index 0 using 2:6:1 with lines lw 2.5 lc palette title '0.01', \
     'ladder.tsv' index 1 using 2:6:1 with lines lw 2.5 lc palette title '0.03', \
     'ladder.tsv' index 2 using 2:6:1 with lines lw 2.5 lc palette title '0.1', \
     'ladder.tsv' index 3 using 2:6:1 with lines lw 2.5 lc palette title '0.3', \
     'ladder.tsv' index 4 using 2:6:1 with lines lw 2.5 lc palette title '1'
set xlabel 'n SNR² log(τ/τ₀)'
set ylabel 'test: attention on the relevant token'
unset logscale x
set xrange [0:18.62]
set yrange [-0.03:1.03]
unset arrow
unset label
set arrow 1 from first 6.20729,graph 0 to first 6.20729,graph 1 nohead lw 2 dt 2 lc rgb '#555555'
set label 1 'log T/c*' at first 6.20729,graph 0.08 offset char 0.7,0
unset key
plot 'ladder.tsv' index 0 using 3:6:1 with lines lw 2.5 lc palette title '0.01', \
     'ladder.tsv' index 1 using 3:6:1 with lines lw 2.5 lc palette title '0.03', \
     'ladder.tsv' index 2 using 3:6:1 with lines lw 2.5 lc palette title '0.1', \
     'ladder.tsv' index 3 using 3:6:1 with lines lw 2.5 lc palette title '0.3', \
     'ladder.tsv' index 4 using 3:6:1 with lines lw 2.5 lc palette title '1'
unset multiplot
