package dev.shiplog.agent.containerd.host;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses.
 *
 * @param address its first
 * @param prefix how many leading bits its addresses share
 */
record Subnet(int address, int prefix) {

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

  /** Reads {@code 10.1.0.0/16} or {@code 10.1.2.3}; empty for anything else. */
  static Optional<Subnet> find(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int address = 0;
    for (int i = 1; i <= 4; i++) {
      int part = Integer.parseInt(parts.group(i));
      if (part > 255) {
        return Optional.empty();
      }
      address = address << 8 | part;
    }
    int prefix = parts.group(5) == null ? 32 : Integer.parseInt(parts.group(5));
    return prefix > 32 ? Optional.empty() : Optional.of(new Subnet(address, prefix));
  }

  static Subnet parse(String text) {
    return find(text)
        .orElseThrow(() -> new ContainerdException("not an IPv4 subnet: \"" + text + "\""));
  }

  boolean isWithin(Subnet other) {
    int mask = other.prefix == 0 ? 0 : -1 << (32 - other.prefix);
    return other.prefix <= prefix && (address & mask) == (other.address & mask);
  }
}
