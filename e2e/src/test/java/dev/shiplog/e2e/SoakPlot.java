package dev.shiplog.e2e;

import java.util.List;
import java.util.Locale;

/** Draws values over minutes as SVG; restarts of the process are upright lines. */
final class SoakPlot {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int TOP = 20;

  /** Values at the edge of the picture. */
  private static final int HIGHEST = 1000;

  private static final int GRID = 200;

  private final double minutes;
  private final StringBuilder body = new StringBuilder();
  private int legends;

  record Point(double minute, double value) {}

  SoakPlot(double minutes, List<Double> restarts) {
    this.minutes = minutes;
    for (int value = 0; value <= HIGHEST; value += GRID) {
      add("<path d='M%d %dh%d' stroke='#ddd'/>".formatted(LEFT, y(value), WIDTH));
      add(
          "<text x='%d' y='%d' text-anchor='end'>%d</text>"
              .formatted(LEFT - 6, y(value) + 4, value));
    }
    int step = Math.max(1, (int) minutes / 10);
    for (int minute = 0; minute <= minutes; minute += step) {
      add(
          "<text x='%d' y='%d' text-anchor='middle'>%d min</text>"
              .formatted(x(minute), TOP + HEIGHT + 18, minute));
    }
    for (double restart : restarts) {
      add(
          "<path d='M%d %dv%d' stroke='#bbb' stroke-dasharray='4'/>"
              .formatted(x(restart), TOP, HEIGHT));
    }
    legend("the process was killed or restarted", "#bbb");
  }

  SoakPlot line(String name, String colour, List<Point> points) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(x(point.minute()))
          .append(' ')
          .append(y(point.value()));
    }
    add("<path d='%s' fill='none' stroke='%s' stroke-width='1.5'/>".formatted(path, colour));
    legend(name, colour);
    return this;
  }

  SoakPlot dots(String name, String colour, List<Point> points) {
    for (Point point : points) {
      add(
          "<circle cx='%d' cy='%d' r='4' fill='%s'/>"
              .formatted(x(point.minute()), y(point.value()), colour));
    }
    legend(name, colour);
    return this;
  }

  private void legend(String name, String colour) {
    int x = LEFT + legends++ * WIDTH / 4;
    int y = TOP + HEIGHT + 40;
    add("<path d='M%d %dh18' stroke='%s' stroke-width='3'/>".formatted(x, y - 4, colour));
    add("<text x='%d' y='%d'>%s</text>".formatted(x + 24, y, name));
  }

  /** Rests take longer than planned: what comes after the end is drawn at it. */
  private int x(double minute) {
    return LEFT + (int) (WIDTH * Math.min(1, minute / minutes));
  }

  private static int y(double value) {
    return TOP + HEIGHT - (int) (HEIGHT * Math.min(1, value / HIGHEST));
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
        LEFT + WIDTH + 40,
        TOP + HEIGHT + 60,
        body);
  }
}
