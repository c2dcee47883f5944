package dev.shiplog.api.schema.custom;

import com.google.re2j.Pattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;

/** The formats of strings that are checked; any other says nothing. */
final class Formats {

  private static final Pattern UUID =
      Pattern.compile("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");
  private static final Pattern IPV4 =
      Pattern.compile(
          "^(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}$");
  private static final Pattern IPV6 = Pattern.compile("^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$");
  private static final Pattern MAC = Pattern.compile("^([0-9a-fA-F]{2}[:-]){5}([0-9a-fA-F]{2})$");
  private static final Pattern HOST =
      Pattern.compile(
          "^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*\\.?$");
  private static final Pattern EMAIL = Pattern.compile("^[^@\\s]+@[^@\\s]+$");
  private static final Pattern DURATION =
      Pattern.compile("^-?([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h|d|w))+$|^0$");
  private static final Pattern DNS_LABEL = Pattern.compile("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$");
  private static final Pattern DNS_SUBDOMAIN =
      Pattern.compile("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$");

  private static final Map<String, Predicate<String>> FORMATS =
      Map.ofEntries(
          Map.entry("date", Formats::isDate),
          Map.entry("date-time", Formats::isTime),
          Map.entry("datetime", Formats::isTime),
          Map.entry("byte", Formats::isBase64),
          Map.entry("uri", Formats::isUri),
          Map.entry("uuid", UUID::matches),
          Map.entry("ipv4", IPV4::matches),
          Map.entry("ipv6", IPV6::matches),
          Map.entry("cidr", Formats::isCidr),
          Map.entry("mac", MAC::matches),
          Map.entry("hostname", HOST::matches),
          Map.entry("email", EMAIL::matches),
          Map.entry("duration", DURATION::matches),
          Map.entry("k8s-short-name", DNS_LABEL::matches),
          Map.entry("k8s-long-name", DNS_SUBDOMAIN::matches));

  private Formats() {}

  static boolean fits(String format, String text) {
    Predicate<String> check = FORMATS.get(format);
    return check == null || check.test(text);
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isTime(String text) {
    try {
      return OffsetDateTime.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isBase64(String text) {
    try {
      return Base64.getDecoder().decode(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isUri(String text) {
    try {
      URI uri = new URI(text);
      return uri.isAbsolute() || text.startsWith("/");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      return false;
    }
    String address = text.substring(0, slash);
    int bits = Integer.parseInt(text.substring(slash + 1));
    return (IPV4.matches(address) && bits <= 32) || (IPV6.matches(address) && bits <= 128);
  }
}
