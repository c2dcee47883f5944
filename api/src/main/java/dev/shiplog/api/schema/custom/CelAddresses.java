package dev.shiplog.api.schema.custom;

import com.google.common.net.InetAddresses;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.shiplog.api.schema.custom.CelFunction.Kind;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** IP addresses and ranges of them in expressions. */
final class CelAddresses {

  static final OpaqueType IP = OpaqueType.create("net.IP");
  static final OpaqueType CIDR = OpaqueType.create("net.CIDR");

  private static final Kind<InetAddress> ADDRESS = new Kind<>(IP, InetAddress.class, "ip");
  private static final Kind<Range> RANGE = new Kind<>(CIDR, Range.class, "cidr");

  private CelAddresses() {}

  /** A range: all addresses that begin with the same bits. */
  record Range(InetAddress address, int bits) {

    static Range parse(String text) {
      int slash = text.indexOf('/');
      String length = slash < 0 ? "" : text.substring(slash + 1);
      if (!length.matches("0|[1-9][0-9]{0,2}")) {
        throw new IllegalArgumentException("CIDR Address '" + text + "' parse error: no length");
      }
      InetAddress address = CelAddresses.parse(text.substring(0, slash));
      int bits = Integer.parseInt(length);
      if (bits > address.getAddress().length * 8) {
        throw new IllegalArgumentException("CIDR Address '" + text + "' parse error: too long");
      }
      return new Range(address, bits);
    }

    boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] theirs = other.getAddress();
      if (mine.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }

    boolean contains(Range other) {
      return other.bits >= bits && contains(other.address);
    }

    Range masked() {
      byte[] bytes = address.getAddress();
      for (int bit = bits; bit < bytes.length * 8; bit++) {
        bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
      }
      return new Range(of(bytes), bits);
    }

    private static InetAddress of(byte[] bytes) {
      try {
        return InetAddress.getByAddress(bytes);
      } catch (UnknownHostException e) {
        throw new IllegalStateException("an address keeps its length", e);
      }
    }

    @Override
    public String toString() {
      return InetAddresses.toAddrString(address) + "/" + bits;
    }
  }

  static List<CelFunction> functions() {
    return List.of(
        CelFunction.global(
            "ip", IP, Kind.TEXT, text -> CelFunction.read(CelAddresses::parse, text)),
        CelFunction.global(
            "isIP",
            SimpleType.BOOL,
            Kind.TEXT,
            text -> CelFunction.isReadable(CelAddresses::parse, text)),
        CelFunction.global(
            "ip.isCanonical",
            SimpleType.BOOL,
            Kind.TEXT,
            text ->
                InetAddresses.toAddrString(CelFunction.read(CelAddresses::parse, text))
                    .equals(text)),
        CelFunction.global("string", SimpleType.STRING, ADDRESS, InetAddresses::toAddrString),
        CelFunction.member("family", SimpleType.INT, ADDRESS, CelAddresses::family),
        CelFunction.member(
            "isUnspecified", SimpleType.BOOL, ADDRESS, InetAddress::isAnyLocalAddress),
        CelFunction.member("isLoopback", SimpleType.BOOL, ADDRESS, InetAddress::isLoopbackAddress),
        CelFunction.member(
            "isLinkLocalMulticast", SimpleType.BOOL, ADDRESS, CelAddresses::isLinkLocalMulticast),
        CelFunction.member(
            "isLinkLocalUnicast", SimpleType.BOOL, ADDRESS, InetAddress::isLinkLocalAddress),
        CelFunction.member(
            "isGlobalUnicast", SimpleType.BOOL, ADDRESS, CelAddresses::isGlobalUnicast),
        CelFunction.global("cidr", CIDR, Kind.TEXT, text -> CelFunction.read(Range::parse, text)),
        CelFunction.global(
            "isCIDR",
            SimpleType.BOOL,
            Kind.TEXT,
            text -> CelFunction.isReadable(Range::parse, text)),
        CelFunction.global("string", SimpleType.STRING, RANGE, Range::toString),
        CelFunction.member("ip", IP, RANGE, Range::address),
        CelFunction.member("masked", CIDR, RANGE, Range::masked),
        CelFunction.member("prefixLength", SimpleType.INT, RANGE, range -> (long) range.bits()),
        CelFunction.member("containsIP", SimpleType.BOOL, RANGE, ADDRESS, Range::contains),
        CelFunction.member(
            "containsIP",
            SimpleType.BOOL,
            RANGE,
            Kind.TEXT,
            (range, text) -> range.contains(CelFunction.read(CelAddresses::parse, text))),
        CelFunction.member("containsCIDR", SimpleType.BOOL, RANGE, RANGE, Range::contains),
        CelFunction.member(
            "containsCIDR",
            SimpleType.BOOL,
            RANGE,
            Kind.TEXT,
            (range, text) -> range.contains(CelFunction.read(Range::parse, text))));
  }

  /** Neither an IPv4 address in the form of IPv6 nor one with a zone is taken. */
  private static InetAddress parse(String text) {
    boolean plain = text.indexOf('%') < 0 && !(text.indexOf(':') >= 0 && text.indexOf('.') >= 0);
    if (!plain || !InetAddresses.isInetAddress(text)) {
      throw new IllegalArgumentException("IP Address '" + text + "' parse error: no IP address");
    }
    InetAddress address = InetAddresses.forString(text);
    if (address instanceof Inet4Address && text.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "IP Address '" + text + "' parse error: IPv4-mapped IPv6 address is not allowed");
    }
    return address;
  }

  private static long family(InetAddress address) {
    return address instanceof Inet4Address ? 4 : 6;
  }

  private static boolean isLinkLocalMulticast(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address
        ? (bytes[0] & 0xFF) == 224 && bytes[1] == 0 && bytes[2] == 0
        : address.isMCLinkLocal();
  }

  private static boolean isGlobalUnicast(InetAddress address) {
    boolean broadcast = InetAddresses.toAddrString(address).equals("255.255.255.255");
    return !broadcast
        && !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isMulticastAddress()
        && !address.isLinkLocalAddress();
  }
}
