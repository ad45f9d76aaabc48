# Draws proofs.png again: gnuplot proofs.gp
set terminal pngcairo size 1020,700 enhanced font 'DejaVu Sans,11'
set output 'proofs.png'
set multiplot title 'n = 20, T = 8, ρ = 0.1, η = 0.2, 1000 steps, one seed'
set datafile missing 'nan'
set border lc '#555555' front
set tics textcolor '#000000' front
unset key
unset colorbox
unset logscale x
set xtics 1000 nomirror out
set xrange [187.5:5062.5]
set xlabel 'dimension of a token, d'
unset logscale y
set ytics 20 nomirror out
set yrange [3.75:101.25]
set ylabel 'length of the signals, ‖μ‖'
set object 101 rectangle from screen 0.08824,screen 0.16000 to screen 0.12745,screen 0.18286 front fs solid 1 noborder fc rgb '#0072B2'
set label 102 'benign: all labels right, small test error' at screen 0.13922,screen 0.17143 left
set object 103 rectangle from screen 0.08824,screen 0.12571 to screen 0.12745,screen 0.14857 front fs solid 1 noborder fc rgb '#D55E00'
set label 104 'harmful: all labels right, large test error' at screen 0.13922,screen 0.13714 left
set object 105 rectangle from screen 0.08824,screen 0.09143 to screen 0.12745,screen 0.11429 front fs solid 1 noborder fc rgb '#009E73'
set label 106 'not overfitting: no flipped label right, small error' at screen 0.13922,screen 0.10286 left
set object 107 rectangle from screen 0.08824,screen 0.05714 to screen 0.12745,screen 0.08000 front fs solid 1 noborder fc rgb '#BBBBBB'
set label 108 'neither: some flipped labels right, or nothing learnt' at screen 0.13922,screen 0.06857 left
set label 99 'train\_accuracy>=1, margin\_noisy\_max<=0, test\_error<0.05' at screen 0.5,screen 0.91429 center
set lmargin at screen 0.08824
set rmargin at screen 0.47059
set bmargin at screen 0.30714
set tmargin at screen 0.83571
set colorbox vertical user origin screen 0.48431,0.30714 size screen 0.01569,0.52857
set cbtics out nomirror scale 0.6
set title 'proved'
plot 'proofs.tsv' index 0 using 1:2:3:($4+12.5):5:($6+0.2635135135):7 with boxxyerror fs solid 1 noborder lc rgb variable notitle
unset object
unset label
set lmargin at screen 0.53922
set rmargin at screen 0.92157
set bmargin at screen 0.30714
set tmargin at screen 0.83571
set colorbox vertical user origin screen 0.93529,0.30714 size screen 0.01569,0.52857
set cbtics out nomirror scale 0.6
set ylabel ''
set title 'computed in double'
plot 'proofs.tsv' index 0 using 1:2:3:($4+12.5):5:($6+0.2635135135):9 with boxxyerror fs solid 1 noborder lc rgb variable notitle
unset multiplot

