# Draws gap_samples.svg again: gnuplot gap_samples.gp
set terminal svg size 820,600 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'gap_samples.svg'
set datafile missing 'nan'
set border lc '#555555'
set tics textcolor '#000000'
set grid lt 1 lc '#dddddd'
set lmargin 13
set bmargin 8.5
set key at screen 0.5,screen 0.13 center top vertical Left reverse samplen 3
set title 'test gap μ_±·q reaches log T'."\n".'T = 3, d = 10000000000, ρ = 0.1, η = 0.25, gradient flow to log(τ/τ₀) = 12'
set logscale x
set xtics ('10' 10, '20' 20, '50' 50, '100' 100, '200' 200, '500' 500, '1000' 1000) nomirror out
set xrange [5.534647767:1156.351817]
set xlabel 'training samples, n'
set logscale y
set ytics ('0.6' 0.6, '0.605' 0.605, '0.61' 0.61, '0.615' 0.615, '0.62' 0.62) nomirror out
set yrange [0.5955946966:0.6218773598]
set ylabel 'strength of the shared signal, n SNR²'
plot 'gap_samples.tsv' index 0 using 1:5 with lines lw 2.5 lc rgb '#0072B2' title 'predicted', \
     'gap_samples.tsv' index 1 using 1:2 with lines lw 2 dt 2 lc rgb '#555555' title 'fitted: n SNR² ∝ n^{0.000} [0.000, 0.000], predicted 0.000', \
     'gap_samples.tsv' index 0 using 1:2:3:4 with yerrorbars pt 7 ps 0.9 lw 2 lc rgb '#D55E00' title 'measured: median of 2 seeds, 95 % interval'
