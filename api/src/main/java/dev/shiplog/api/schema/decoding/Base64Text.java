package dev.shiplog.api.schema.decoding;

/** Base64 as Kubernetes takes and writes it. */
final class Base64Text {

  private Base64Text() {}

  /**
   * The text without the line breaks that are allowed in it.
   *
   * @throws IllegalArgumentException naming the first byte that is wrong
   */
  static String canonical(String text) {
    String plain = text.replace("\r", "").replace("\n", "");
    int data = plain.length();
    while (data > 0 && plain.charAt(data - 1) == '=' && plain.length() - data < 2) {
      data--;
    }
    for (int i = 0; i < data; i++) {
      if (!isDigit(plain.charAt(i))) {
        throw new IllegalArgumentException("illegal base64 data at input byte " + i);
      }
    }
    if (plain.length() % 4 != 0) {
      throw new IllegalArgumentException(
          "illegal base64 data at input byte " + plain.length() / 4 * 4);
    }
    return plain;
  }

  private static boolean isDigit(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }
}
