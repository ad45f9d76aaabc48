# Draws selection.svg again: gnuplot selection.gp
set terminal svg size 1200,470 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'selection.svg'
set multiplot layout 1,3 margins char 10,char 3,char 8,char 3 spacing char 11,char 7
set datafile missing 'nan'
set border lc '#555555'
set tics 0.5 textcolor '#000000'
set grid lt 1 lc '#dddddd'
set size square
unset key
set xrange [-0.216:1.191]
set yrange [-0.216:1.191]
set xlabel 'attended token · μ₊ / ‖μ‖²'
set ylabel 'attended token · μ₋ / ‖μ‖²'
set label 1 'predicted −1' at graph 0.56,0.93 center tc rgb '#777777'
set label 2 'predicted +1' at graph 0.97,0.45 right tc rgb '#777777'
set title 'b = 0.06: train 1.00, test 1.00'
plot x with lines lc rgb '#555555' dt 2 lw 1.5, \
     'selection.tsv' index 0 using 1:2 with points pt 7 ps 0.55 lc rgb '#56B4E9', \
     'selection.tsv' index 1 using 1:2 with points pt 5 ps 0.6 lc rgb '#009E73', \
     'selection.tsv' index 2 using 1:2 with points pt 9 ps 1.1 lc rgb '#D55E00'
set title 'b = 1: train 1.00, test 0.59'
plot x with lines lc rgb '#555555' dt 2 lw 1.5, \
     'selection.tsv' index 3 using 1:2 with points pt 7 ps 0.55 lc rgb '#56B4E9', \
     'selection.tsv' index 4 using 1:2 with points pt 5 ps 0.6 lc rgb '#009E73', \
     'selection.tsv' index 5 using 1:2 with points pt 9 ps 1.1 lc rgb '#D55E00'
set title 'b = 0.001: train 0.80, test 1.00'
plot x with lines lc rgb '#555555' dt 2 lw 1.5, \
     'selection.tsv' index 6 using 1:2 with points pt 7 ps 0.55 lc rgb '#56B4E9', \
     'selection.tsv' index 7 using 1:2 with points pt 5 ps 0.6 lc rgb '#009E73', \
     'selection.tsv' index 8 using 1:2 with points pt 9 ps 1.1 lc rgb '#D55E00'
unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset label
set size nosquare
set lmargin at screen 0
set rmargin at screen 1
set bmargin at screen 0
set tmargin at screen 0.119
set key center center horizontal reverse Left samplen 2.5
plot NaN with lines lc rgb '#555555' dt 2 lw 1.5 title 'decision boundary', \
     NaN with points pt 7 ps 0.55 lc rgb '#56B4E9' title 'test', \
     NaN with points pt 5 ps 0.6 lc rgb '#009E73' title 'training, clean label', \
     NaN with points pt 9 ps 1.1 lc rgb '#D55E00' title 'training, flipped label'
unset multiplot
