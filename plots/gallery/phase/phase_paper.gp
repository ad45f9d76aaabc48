# Draws phase_paper.png again: gnuplot phase_paper.gp
set terminal pngcairo size 1280,640 enhanced font 'DejaVu Sans,11'
set output 'phase_paper.png'
set multiplot
set datafile missing 'nan'
unset key
set tics textcolor '#000000'
set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')
unset logscale y
set ytics 1000 nomirror out
set yrange [187.5:5062.5]
set ylabel 'dimension of a token, d'
unset logscale x
set xtics 20 nomirror out
set xrange [3.75:101.25]
set xlabel 'length of the signals, ‖μ‖'
unset border
set autoscale cbfix
set xlabel 'Signal Norm ‖μ‖_2' font ',17'
set ylabel 'Dimension d' font ',17'
set lmargin at screen 0.08203
set rmargin at screen 0.42578
set bmargin at screen 0.14062
set tmargin at screen 0.87500
set colorbox vertical user origin screen 0.43672,0.14062 size screen 0.01250,0.73438
set cbtics out nomirror scale 0.6
set colorbox noborder
set title 'Train Loss' font ',26'
plot 'phase_paper.tsv' index 0 using 2:1:5:($6+0.2215909091):3:($4+10.37234043):7 with boxxyerror fs solid 1 noborder lc palette notitle
set lmargin at screen 0.57422
set rmargin at screen 0.91797
set bmargin at screen 0.14062
set tmargin at screen 0.87500
set colorbox vertical user origin screen 0.92891,0.14062 size screen 0.01250,0.73438
set cbtics out nomirror scale 0.6
set colorbox noborder
set title 'Test Loss' font ',26'
plot 'phase_paper.tsv' index 0 using 2:1:5:($6+0.2215909091):3:($4+10.37234043):8 with boxxyerror fs solid 1 noborder lc palette notitle
unset multiplot
