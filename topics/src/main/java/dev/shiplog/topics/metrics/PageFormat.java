package dev.shiplog.topics.metrics;

/** The forms in which a page of metrics is written. */
final class PageFormat {

  static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private PageFormat() {}

  /** What a client that sends this {@code Accept} header gets; it may be null. */
  static String of(String accept) {
    return accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
  }
}
