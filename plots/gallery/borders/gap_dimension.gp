# Draws gap_dimension.svg again: gnuplot gap_dimension.gp
set terminal svg size 820,600 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'gap_dimension.svg'
set datafile missing 'nan'
set border lc '#555555'
set tics textcolor '#000000'
set grid lt 1 lc '#dddddd'
set lmargin 13
set bmargin 8.5
set key at screen 0.5,screen 0.13 center top vertical Left reverse samplen 3
set title 'test gap μ_±·q reaches log T'."\n".'n = 20, T = 8, ρ = 0.1, η = 0.2, gradient flow to log(τ/τ₀) = 20'
set logscale x
set xtics ('1000' 1000, '10000' 10000, '10^{5}' 100000, '10^{6}' 1000000, '10^{7}' 10000000, '10^{8}' 100000000, '10^{9}' 1000000000, '10^{10}' 10000000000) nomirror out
set xrange [275.4228703:3.630780548e+10]
set xlabel 'dimension of a token, d'
set logscale y
set ytics ('0.13' 0.13, '0.135' 0.135, '0.14' 0.14, '0.145' 0.145) nomirror out
set yrange [0.1284662331:0.1498296302]
set ylabel 'signal-to-noise ratio, SNR = ‖μ‖ / (σ√d)'
plot 'gap_dimension.tsv' index 0 using 1:5 with lines lw 2.5 lc rgb '#0072B2' title 'predicted', \
     'gap_dimension.tsv' index 1 using 1:2 with lines lw 2 dt 2 lc rgb '#555555' title 'fitted: SNR ∝ d^{−0.001} [−0.004, 0.001], predicted 0.000', \
     'gap_dimension.tsv' index 0 using 1:2:3:4 with yerrorbars pt 7 ps 0.9 lw 2 lc rgb '#D55E00' title 'measured: median of 8 seeds, 95 % interval'
