# Draws memorised_horizon.svg again: gnuplot border.gp
set terminal svg size 820,600 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'memorised_horizon.svg'
set datafile missing 'nan'
set border lc '#555555'
set tics textcolor '#000000'
set grid lt 1 lc '#dddddd'
set lmargin 13
set bmargin 8.5
set key at screen 0.5,screen 0.13 center top vertical Left reverse samplen 3
set title 'flipped labels of one class are memorised'."\n".'n = 20, T = 8, d = 10000000000, ρ = 0.1, η = 0.2, gradient flow'
set logscale x
set xtics ('5' 5, '10' 10, '20' 20, '50' 50, '100' 100, '200' 200, '500' 500) nomirror out
set xrange [3.459154855:722.7198854]
set xlabel 'horizon, log(τ/τ₀)'
set logscale y
set ytics ('1000' 1000, '10000' 10000) nomirror out
set yrange [175.2247214:66910.53314]
set ylabel 'strength of the shared signal, n SNR²'
plot 'memorised_horizon.tsv' index 0 using 1:5 with lines lw 2.5 lc rgb '#0072B2' title 'predicted', \
     'memorised_horizon.tsv' index 1 using 1:2 with lines lw 2 dt 2 lc rgb '#555555' title 'fitted: n SNR² ∝ log(τ/τ₀)^{1.107} [1.107, 1.107], predicted 1.000', \
     'memorised_horizon.tsv' index 0 using 1:2:3:4 with yerrorbars pt 7 ps 0.9 lw 2 lc rgb '#D55E00' title 'measured: median of 3 seeds, 95 % interval'
