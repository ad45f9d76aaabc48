# Draws memorised_all_dimension.svg again: gnuplot memorised_all_dimension.gp
set terminal svg size 820,600 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'memorised_all_dimension.svg'
set datafile missing 'nan'
set border lc '#555555'
set tics textcolor '#000000'
set grid lt 1 lc '#dddddd'
set lmargin 13
set bmargin 8.5
set key at screen 0.5,screen 0.13 center top vertical Left reverse samplen 3
set title 'all flipped labels are memorised'."\n".'n = 20, T = 8, ρ = 0.1, η = 0.2, gradient flow to log(τ/τ₀) = 40'
set logscale x
set xtics ('10000' 10000, '10^{5}' 100000, '10^{6}' 1000000, '10^{7}' 10000000, '10^{8}' 100000000, '10^{9}' 1000000000, '10^{10}' 10000000000, '10^{11}' 100000000000, '10^{12}' 1e+12) nomirror out
set xrange [2290.867653:4.365158322e+12]
set xlabel 'dimension of a token, d'
set logscale y
set ytics ('200' 200, '400' 400, '600' 600, '800' 800) nomirror out
set yrange [198.9123571:919.790218]
set ylabel 'strength of the shared signal, n SNR²'
plot 'memorised_all_dimension.tsv' index 1 using 1:2 with lines lw 2 dt 2 lc rgb '#555555' title 'fitted: n SNR² ∝ d^{0.052} [0.051, 0.060]', \
     'memorised_all_dimension.tsv' index 0 using 1:2:3:4 with yerrorbars pt 7 ps 0.9 lw 2 lc rgb '#D55E00' title 'measured: median of 3 seeds, 95 % interval'
