/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file of the dashboard, declared once, for the assembler that embeds them
 * and for assets.cc that finds them.
 *
 * X(symbol, path, file, content_type)
 */
#pragma once

/* clang-format off */
#define SF_ASSETS(X)                                                                                      \
  X(index, "/", "index.html", "text/html; charset=utf-8")                                                 \
  X(style, "/dashboard/style.css", "style.css", "text/css; charset=utf-8")                                \
  X(app, "/dashboard/app.js", "app.js", "text/javascript; charset=utf-8")                                 \
  X(panels, "/dashboard/panels.js", "panels.js", "text/javascript; charset=utf-8")                        \
  X(charts, "/dashboard/charts.js", "charts.js", "text/javascript; charset=utf-8")                        \
  X(table, "/dashboard/table.js", "table.js", "text/javascript; charset=utf-8")                           \
  X(rates, "/dashboard/rates.js", "rates.js", "text/javascript; charset=utf-8")                           \
  X(words, "/dashboard/words.js", "words.js", "text/javascript; charset=utf-8")                           \
  X(daemon, "/dashboard/daemon.js", "daemon.js", "text/javascript; charset=utf-8")                        \
  X(icon, "/dashboard/icon.svg", "icon.svg", "image/svg+xml")                                             \
  X(chart_library, "/dashboard/chart.min.js", "chart.min.js", "text/javascript; charset=utf-8")           \
  X(chart_licence, "/dashboard/chart-licence.txt", "chart-licence.txt", "text/plain; charset=utf-8")
/* clang-format on */
