# Draws attention.svg again: gnuplot attention.gp
set terminal svg size 700,1990 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'attention.svg'
set multiplot layout 6,2 margins char 9,char 3,char 9,char 4 spacing char 10,char 8
set datafile missing 'nan'
set grid lc '#dddddd'
set border lc '#555555'
set tics textcolor '#000000'
set style line 1 lw 2.5
set title 'clean sample, low signal'."\n".'d = 5000, ‖μ‖ = 5' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
set key at screen 0.5,screen 0.006 center bottom horizontal maxcols 2 Left reverse samplen 3
plot 'attention.tsv' index 0 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 0 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 0 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 0 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'clean sample, low signal encoder'."\n".'d = 5000, ‖μ‖ = 5' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 1 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 1 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 1 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 1 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'noisy sample, low signal'."\n".'d = 5000, ‖μ‖ = 5' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 2 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 2 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 2 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 2 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'noisy sample, low signal encoder'."\n".'d = 5000, ‖μ‖ = 5' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 3 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 3 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 3 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 3 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'clean sample, balanced'."\n".'d = 2000, ‖μ‖ = 20' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 4 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 4 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 4 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 4 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'clean sample, balanced encoder'."\n".'d = 2000, ‖μ‖ = 20' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 5 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 5 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 5 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 5 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'noisy sample, balanced'."\n".'d = 2000, ‖μ‖ = 20' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 6 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 6 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 6 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 6 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'noisy sample, balanced encoder'."\n".'d = 2000, ‖μ‖ = 20' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 7 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 7 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 7 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 7 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'clean sample, large signal'."\n".'d = 1000, ‖μ‖ = 100' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 8 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 8 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 8 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 8 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'clean sample, large signal encoder'."\n".'d = 1000, ‖μ‖ = 100' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 9 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 9 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 9 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 9 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'noisy sample, large signal'."\n".'d = 1000, ‖μ‖ = 100' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 10 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 10 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 10 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 10 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
set title 'noisy sample, large signal encoder'."\n".'d = 1000, ‖μ‖ = 100' noenhanced
set xlabel 'step of gradient descent'
set ylabel 'attention'
set yrange [-0.03:1.03]
unset key
plot 'attention.tsv' index 11 using 1:2 with lines lw 2.5 lc rgb '#0072B2' dt solid title 'relevant', \
     'attention.tsv' index 11 using 1:3 with lines lw 2.5 lc rgb '#009E73' dt solid title 'weak, own class', \
     'attention.tsv' index 11 using 1:4 with lines lw 2.5 lc rgb '#D55E00' dt solid title 'weak, other class', \
     'attention.tsv' index 11 using 1:5 with lines lw 2.5 lc rgb '#999999' dt solid title 'irrelevant (sum)'
unset multiplot

