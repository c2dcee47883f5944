package dev.shiplog.bench.scheduling;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws lines side by side as SVG; the vertical axis is logarithmic, from 1,000 to 1,000,000. */
final class Chart {

  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;
  private static final int LEFT = 70;
  private static final int TOP = 40;
  private static final double LOWEST = 3;
  private static final double DECADES = 3;
  private static final List<String> COLOURS = List.of("#1b6ca8", "#c8553d", "#588157", "#7b5ea7");

  private final StringBuilder body = new StringBuilder();
  private int panels;

  /** Adds a panel with a line for each name. */
  void add(String title, List<Integer> sizes, Map<String, List<Double>> lines) {
    int x = LEFT + panels++ * (WIDTH + LEFT + 20);
    text(x, TOP - 14, "start", title);
    for (int decade = 0; decade <= DECADES; decade++) {
      int y = y(Math.pow(10, LOWEST + decade));
      add("<path d='M%d %dh%d' stroke='#ddd'/>".formatted(x, y, WIDTH));
      text(x - 6, y + 4, "end", String.format(Locale.ROOT, "%,.0f", Math.pow(10, LOWEST + decade)));
    }
    double widest = sizes.getLast();
    for (int size : sizes) {
      text((int) (x + size / widest * WIDTH), TOP + HEIGHT + 18, "middle", grouped(size));
    }
    int line = 0;
    for (Map.Entry<String, List<Double>> entry : lines.entrySet()) {
      draw(x, widest, sizes, entry, COLOURS.get(line), line++);
    }
  }

  private void draw(
      int x,
      double widest,
      List<Integer> sizes,
      Map.Entry<String, List<Double>> line,
      String colour,
      int index) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < sizes.size(); i++) {
      path.append(i == 0 ? "M" : "L");
      path.append((int) (x + sizes.get(i) / widest * WIDTH))
          .append(' ')
          .append(y(line.getValue().get(i)));
    }
    add("<path d='%s' fill='none' stroke='%s' stroke-width='2'/>".formatted(path, colour));
    add(
        "<path d='M%d %dh20' stroke='%s' stroke-width='2'/>"
            .formatted(x, TOP + HEIGHT + 38 + index * 18, colour));
    text(x + 28, TOP + HEIGHT + 42 + index * 18, "start", line.getKey());
  }

  private static String grouped(int size) {
    return String.format(Locale.ROOT, "%,d", size);
  }

  private static int y(double rate) {
    double height = (Math.log10(Math.max(rate, 1)) - LOWEST) / DECADES;
    return (int) (TOP + HEIGHT * (1 - Math.clamp(height, 0, 1)));
  }

  private void text(int x, int y, String anchor, String text) {
    add("<text x='%d' y='%d' text-anchor='%s'>%s</text>".formatted(x, y, anchor, text));
  }

  private void add(String element) {
    body.append(element).append('\n');
  }

  String svg() {
    return String.format(
        Locale.ROOT,
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
            + "font-family='sans-serif' font-size='12'>%n<rect width='100%%' height='100%%' "
            + "fill='white'/>%n%s</svg>%n",
        panels * (WIDTH + LEFT + 20) + 20,
        TOP + HEIGHT + 120,
        body);
  }
}
