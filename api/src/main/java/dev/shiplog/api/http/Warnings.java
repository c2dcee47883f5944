package dev.shiplog.api.http;

/** Warnings as HTTP has them. */
final class Warnings {

  private static final int LONGEST = 1024;

  private Warnings() {}

  /** A {@code Warning} header's value; characters that a header may not have are left out. */
  static String header(String text) {
    StringBuilder value = new StringBuilder("299 - \"");
    for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        value.append('\\');
      }
      if (c >= ' ' && c < 0x7f) {
        value.append(c);
      }
    }
    return value.append('"').toString();
  }
}
