package dev.shiplog.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** A node is named by its host, in the form Kubernetes takes for names. */
final class HostName {

  private static final String NAMELESS = "node-1";

  private HostName() {}

  static String asNodeName() {
    try {
      return fit(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      return NAMELESS;
    }
  }

  /** The nearest name that is a DNS subdomain. */
  static String fit(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    String fit = name.replaceAll("[^a-z0-9.-]", "-").replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    return fit.isEmpty() ? NAMELESS : fit;
  }
}
