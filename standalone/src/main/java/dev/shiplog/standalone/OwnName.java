package dev.shiplog.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds out what this machine is called. */
final class OwnName {

  private OwnName() {}

  /** The name by which other machines are most likely to reach this one. */
  static String find() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new StartFailure(
          "this machine has no name that others could reach it by; give its address with --advertise");
    }
  }
}
