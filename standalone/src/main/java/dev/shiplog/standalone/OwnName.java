package dev.shiplog.standalone;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;

/** Finds out what this machine is called. */
final class OwnName {

  private OwnName() {}

  /** The addresses of this machine that are not only its own. */
  static List<String> addresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .map(address -> address.replaceFirst("%.*", ""))
          .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  /** The name by which other machines are most likely to reach this one. */
  static String find() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new StartFailure(
          "this machine has no name that others could reach it by; give its address with"
              + " --advertise");
    }
  }
}
