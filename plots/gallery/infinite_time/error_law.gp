# Draws error_law.svg again: gnuplot error_law.gp
set terminal svg size 900,560 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'error_law.svg'
set title 'n = 20, T = 8, ρ = 0.1, η = 0.2, gradient flow to log(τ/τ₀) = 25, mean of 8 seeds'
set datafile missing 'nan'
set logscale x
set xrange [0.01:1000]
set yrange [0:0.47]
set xlabel 'z = n d SNR⁴'
set ylabel 'test error of hard selection along q'
set grid lc '#dddddd'
set key bottom left Left reverse
plot 'error_law.tsv' index 1 using 1:2 with lines lw 2 lc '#0072B2' title 'law, d → ∞', \
     '' index 1 using 1:3 with lines lw 2 dt 2 lc '#D55E00' title 'law at m/√2: random W₀, W hardly moved', \
     '' index 0 using 1:2:3 with yerrorbars pt 7 ps 0.8 lc '#0072B2' title 'q* of the runs, infinite time', \
     '' index 0 using 1:4:5 with yerrorbars pt 6 ps 0.8 lc '#D55E00' title 'q at the end of the runs'
