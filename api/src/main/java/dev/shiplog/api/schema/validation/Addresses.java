package dev.shiplog.api.schema.validation;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses and blocks of them, as text. */
public final class Addresses {

  private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");
  private static final Pattern PREFIX = Pattern.compile("[0-9]{1,3}");

  private Addresses() {}

  static void ip(FieldPath path, String text, Causes causes) {
    if (!isIp(text)) {
      causes.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }
  }

  static void cidr(FieldPath path, String text, Causes causes) {
    if (!isCidr(text)) {
      causes.invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    }
  }

  public static boolean isIp(String text) {
    return isV4(text) || isV6(text);
  }

  public static boolean isV4(String text) {
    String[] octets = text.split("\\.", -1);
    if (octets.length != 4) {
      return false;
    }
    for (String octet : octets) {
      // Leading zeros mean octal to some readers, so they are nobody's.
      if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
        return false;
      }
    }
    return true;
  }

  public static boolean isV6(String text) {
    if (!text.contains(":") || !IPV6.matcher(text).matches()) {
      return false;
    }
    try {
      // With a colon in it, the text is parsed as an address and never looked up.
      InetAddress.getByName(text);
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !PREFIX.matcher(text.substring(slash + 1)).matches()) {
      return false;
    }
    String address = text.substring(0, slash);
    int prefix = Integer.parseInt(text.substring(slash + 1));
    return (isV4(address) && prefix <= 32) || (isV6(address) && prefix <= 128);
  }

  /** Whether the first range lies in the second and is smaller; true if either is none at all. */
  static boolean isStrictPart(String inner, String outer) {
    if (!isCidr(inner) || !isCidr(outer)) {
      return true;
    }
    int bits = prefix(outer);
    return isV4(address(inner)) == isV4(address(outer))
        && prefix(inner) > bits
        && leading(address(inner), bits).equals(leading(address(outer), bits));
  }

  /** What is wrong with an address at which nobody but the node itself or all can be reached. */
  static void reachable(FieldPath path, String text, Causes causes) {
    if (!isIp(text)) {
      return;
    }
    InetAddress address = parsed(text);
    if (address.isAnyLocalAddress()) {
      causes.invalid(path, text, "may not be unspecified (0.0.0.0 or ::)");
    } else if (address.isLoopbackAddress()) {
      causes.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    } else if (address.isLinkLocalAddress()) {
      causes.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    } else if (address.isMCLinkLocal()) {
      causes.invalid(
          path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
  }

  private static int prefix(String cidr) {
    return Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
  }

  private static String address(String cidr) {
    return cidr.substring(0, cidr.indexOf('/'));
  }

  private static BigInteger leading(String address, int bits) {
    byte[] bytes = parsed(address).getAddress();
    return new BigInteger(1, bytes).shiftRight(bytes.length * 8 - bits);
  }

  private static InetAddress parsed(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
  }
}
