package dev.shiplog.api.runtime;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/** Finds an address of this machine that others can reach. */
final class OwnAddress {

  private OwnAddress() {}

  /** The first IPv4 address of an interface that is up and no loopback. */
  static Optional<String> find() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(OwnAddress::isOutward)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address && !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static boolean isOutward(NetworkInterface network) {
    try {
      return network.isUp() && !network.isLoopback() && !network.isVirtual();
    } catch (SocketException e) {
      return false;
    }
  }
}
