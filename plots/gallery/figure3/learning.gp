# Draws learning.svg again: gnuplot learning.gp
set terminal svg size 1050,710 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'learning.svg'
set multiplot layout 2,3 margins char 9,char 3,char 9,char 4 spacing char 10,char 8
set datafile missing 'nan'
set grid lc '#dddddd'
set border lc '#555555'
set tics textcolor '#000000'
set style line 1 lw 2.5
set title 'low signal'."\n".'d = 4500, ‖μ‖ = 5' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'loss'
set yrange [0.38:*]
set key at screen 0.5,screen 0.006 center bottom horizontal maxcols 2 Left reverse samplen 3
plot 'learning.tsv' index 0 using 1:2 with lines lw 2.5 lc rgb '#E69F00' dt solid title 'train', \
     'learning.tsv' index 0 using 1:3 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'test (population)', \
     0.400834 with lines lc rgb '#555555' dt 2 title 'floor log(1 + e^{−γ})'
set title 'balanced'."\n".'d = 2000, ‖μ‖ = 20' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'loss'
set yrange [0.38:*]
unset key
plot 'learning.tsv' index 1 using 1:2 with lines lw 2.5 lc rgb '#E69F00' dt solid title 'train', \
     'learning.tsv' index 1 using 1:3 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'test (population)', \
     0.400834 with lines lc rgb '#555555' dt 2 title 'floor log(1 + e^{−γ})'
set title 'large signal'."\n".'d = 1000, ‖μ‖ = 100' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'loss'
set yrange [0.38:*]
unset key
plot 'learning.tsv' index 2 using 1:2 with lines lw 2.5 lc rgb '#E69F00' dt solid title 'train', \
     'learning.tsv' index 2 using 1:3 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'test (population)', \
     0.400834 with lines lc rgb '#555555' dt 2 title 'floor log(1 + e^{−γ})'
set title 'low signal'."\n".'d = 4500, ‖μ‖ = 5' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'accuracy'
set yrange [*<0.78:1.02]
unset key
plot 'learning.tsv' index 0 using 1:5 with lines lw 2.5 lc rgb '#E69F00' dt solid title 'train', \
     'learning.tsv' index 0 using 1:6 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'test (population)'
set title 'balanced'."\n".'d = 2000, ‖μ‖ = 20' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'accuracy'
set yrange [*<0.78:1.02]
unset key
plot 'learning.tsv' index 1 using 1:5 with lines lw 2.5 lc rgb '#E69F00' dt solid title 'train', \
     'learning.tsv' index 1 using 1:6 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'test (population)'
set title 'large signal'."\n".'d = 1000, ‖μ‖ = 100' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'accuracy'
set yrange [*<0.78:1.02]
unset key
plot 'learning.tsv' index 2 using 1:5 with lines lw 2.5 lc rgb '#E69F00' dt solid title 'train', \
     'learning.tsv' index 2 using 1:6 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'test (population)'
unset multiplot

