set terminal svg size 900,420 dynamic background '#ffffff' font 'sans-serif,12' name 'incident'
set encoding utf8
$traffic << END_OF_TRAFFIC
-2.750 900.000 0.000

-0.750 905.000 0.000
0.250 900.000 270.000
1.250 600.000 180.000
2.250 905.000 0.000
3.250 900.000 0.000
END_OF_TRAFFIC
set title 'incident 12, service messaging, 2026-11-23T02:00:00Z' noenhanced
set xlabel 'seconds after the first affected packet'
set ylabel 'packets per second'
set yrange [0:*]
set offsets graph 0, graph 0, graph 0.35, 0
set grid ytics lc rgb '#dddddd'
set border 3
set tics nomirror
set key outside right top
set arrow from 0.000, graph 0 to 0.000, graph 1 nohead dt 2 lc rgb '#888888'
set label 'first packet' at 0.000, graph 0.970 offset 0.5, 0 font ',10'
set arrow from 1.400, graph 0 to 1.400, graph 1 nohead dt 2 lc rgb '#888888'
set label 'detected' at 1.400, graph 0.910 offset 0.5, 0 font ',10'
set arrow from 1.400, graph 0 to 1.400, graph 1 nohead dt 2 lc rgb '#888888'
set label 'located' at 1.400, graph 0.850 offset 0.5, 0 font ',10'
set arrow from 1.600, graph 0 to 1.600, graph 1 nohead dt 2 lc rgb '#888888'
set label 'undone' at 1.600, graph 0.790 offset 0.5, 0 font ',10'
set arrow from 3.200, graph 0 to 3.200, graph 1 nohead dt 2 lc rgb '#888888'
set label 'recovered' at 3.200, graph 0.730 offset 0.5, 0 font ',10'
plot $traffic using 1:2 with lines lw 2 lc rgb '#1f77b4' title 'packets', $traffic using 1:3 with filledcurves y1=0 lc rgb '#d62728' fs transparent solid 0.6 title 'dropped'
