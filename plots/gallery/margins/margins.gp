# Draws margins.svg again: gnuplot margins.gp
set terminal svg size 900,1100 dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'
set output 'margins.svg'
set datafile missing 'nan'
set nonlinear x via asinh(x/1e-06) inverse sinh(x)*1e-06
set xrange [-10.27178532:6.147266707]
set xtics ('0' 0, '10^{−4}' 1e-4, '−10^{−4}' -1e-4, '0.01' 1e-2, '−0.01' -1e-2, '1' 1e0, '−1' -1e0)
set yrange [45.7:0.3]
set ytics ('assumption.A1' 1, 'assumption.A2' 2, 'assumption.not_harmful' 3, 'assumption.overfits' 4, 'event.norms' 5, 'event.noise_products' 6, 'event.signal_products' 7, 'event.initial_weights' 8, 'lemma.growth' 9, 'lemma.inverse' 10, 'lemma.two_growths' 11, 'lemma.attention' 12, 'lemma.loss_derivative' 13, 'lemma.inverse_computed' 14, 'gap.clean_below' 15, 'gap.clean_above' 16, 'gap.noisy_below' 17, 'gap.noisy_selects' 18, 'update.signal' 19, 'update.noise_clean' 20, 'update.noise_noisy' 21, 'v1.eq9' 22, 'v1.eq10' 23, 'theorem.not_overfitting' 24, 'theorem.benign.stage1' 25, 'theorem.benign.stage2' 26, 'theorem.harmful' 27, 'theorem.existence' 28, 'law.fitting' 29, 'invariant.zero_sum' 30, 'invariant.permutation' 31, 'invariant.energy' 32, 'invariant.balance' 33, 'descent.stability' 34, 'descent.order' 35, 'descent.outcome' 36, 'descent.monotone' 37, 'route.direct' 38, 'route.statistics' 39, 'precision.rounding' 40, 'test.accuracy' 41, 'test.loss' 42, 'law.first_direction' 43, 'fig3.benign.train' 44, 'fig3.benign.test' 45) noenhanced scale 0
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
