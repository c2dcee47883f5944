package dev.shiplog.api.registry;

/** A range of ports, both ends included. */
public record PortRange(int first, int last) {

  /**
   * Reads {@code 30000-32767}.
   *
   * @throws IllegalArgumentException if it is no such range
   */
  public static PortRange parse(String text) {
    String[] ends = text.split("-", -1);
    try {
      PortRange range =
          new PortRange(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[1].strip()));
      if (range.first >= 1 && range.first <= range.last && range.last <= 65535) {
        return range;
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException notARange) {
      // said below
    }
    throw new IllegalArgumentException("port range '" + text + "' must look like 30000-32767");
  }

  public int size() {
    return last - first + 1;
  }

  public boolean contains(int port) {
    return port >= first && port <= last;
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
