package dev.shiplog.agent.proxy;

import java.util.regex.Pattern;

/** Text from the cluster that becomes part of a script: only what cannot mean anything else. */
public final class Ipv4 {

  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final String DOTTED = OCTET + "(?:\\." + OCTET + "){3}";
  private static final Pattern ADDRESS = Pattern.compile(DOTTED);
  private static final Pattern BLOCK = Pattern.compile(DOTTED + "/(?:3[0-2]|[12]?\\d)");

  private Ipv4() {}

  /** Whether it is an address; false for null. */
  public static boolean isAddress(String text) {
    return text != null && ADDRESS.matcher(text).matches();
  }

  /** Whether it is an address with a prefix length; false for null. */
  public static boolean isBlock(String text) {
    return text != null && BLOCK.matcher(text).matches();
  }
}
