# Draws margins.svg again: gnuplot margins.gp
set terminal svg size 900,1122 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'margins.svg'
set datafile missing 'nan'
set nonlinear x via asinh(x/1e-06) inverse sinh(x)*1e-06
set xrange [-9.869847504:6.142457276]
set xtics ('0' 0, '10^{−4}' 1e-4, '−10^{−4}' -1e-4, '0.01' 1e-2, '−0.01' -1e-2, '1' 1e0, '−1' -1e0)
set yrange [46.7:0.3]
set ytics ('assumption.A1' 1, 'assumption.A2' 2, 'assumption.not_harmful' 3, 'assumption.overfits' 4, 'event.norms' 5, 'event.noise_products' 6, 'event.signal_products' 7, 'event.initial_weights' 8, 'event.noise_count' 9, 'lemma.growth' 10, 'lemma.inverse' 11, 'lemma.two_growths' 12, 'lemma.attention' 13, 'lemma.loss_derivative' 14, 'lemma.inverse_computed' 15, 'gap.clean_below' 16, 'gap.clean_above' 17, 'gap.noisy_below' 18, 'gap.noisy_selects' 19, 'update.signal' 20, 'update.noise_clean' 21, 'update.noise_noisy' 22, 'v1.eq9' 23, 'v1.eq10' 24, 'theorem.not_overfitting' 25, 'theorem.benign.stage1' 26, 'theorem.benign.stage2' 27, 'theorem.harmful' 28, 'theorem.existence' 29, 'law.fitting' 30, 'invariant.zero_sum' 31, 'invariant.permutation' 32, 'invariant.energy' 33, 'invariant.balance' 34, 'descent.stability' 35, 'descent.order' 36, 'descent.outcome' 37, 'descent.monotone' 38, 'route.direct' 39, 'route.statistics' 40, 'precision.rounding' 41, 'test.accuracy' 42, 'test.loss' 43, 'law.first_direction' 44, 'fig3.benign.train' 45, 'fig3.benign.test' 46) noenhanced scale 0
set lmargin 26
set grid lt 1 lc '#dddddd'
set border 3 lc '#555555'
set tics nomirror textcolor '#000000'
set xlabel 'margin ± error, in units of the bound'
set key outside top center horizontal reverse Left samplen 2
set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc '#000000' lw 1.5 back
plot 'margins.tsv' index 0 using 1:3:2 with xerrorbars pt 7 ps 0.8 lw 2 lc rgb '#009E73' title 'holds or proved', \
     'margins.tsv' index 1 using 1:3:2 with xerrorbars pt 7 ps 0.8 lw 2 lc rgb '#D55E00' title 'violated', \
     'margins.tsv' index 2 using 1:3:2 with xerrorbars pt 7 ps 0.8 lw 2 lc rgb '#E69F00' title 'undecided', \
     'margins.tsv' index 3 using 1:3:2 with xerrorbars pt 7 ps 0.8 lw 2 lc rgb '#999999' title 'vacuous', \
     'margins.tsv' index 4 using 1:3:2 with points pt 6 ps 1 lw 2 lc rgb variable notitle
