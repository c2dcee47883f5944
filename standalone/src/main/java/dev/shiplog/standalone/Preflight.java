package dev.shiplog.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;

/** What can be known to fail before anything is started, said in one sentence each. */
final class Preflight {

  /** Kafka keeps running segments and indexes for some ninety partitions. */
  private static final long NEEDED_BYTES = 512L << 20;

  private Preflight() {}

  /** Throws {@link StartFailure} if the API server could not listen, or the disk is full. */
  static void check(UpOptions options) {
    checkPort(options.bind(), options.port());
    checkSpace(options.data());
  }

  private static void checkPort(String bind, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
    } catch (UnknownHostException e) {
      throw new StartFailure("--bind " + bind + " is no address of this machine");
    } catch (IOException e) {
      throw new StartFailure(
          "port "
              + port
              + " on "
              + bind
              + " cannot be used ("
              + e.getMessage()
              + "); stop what listens there or choose another with --port");
    }
  }

  private static void checkSpace(DataDirectory data) {
    try {
      long usable = Files.getFileStore(data.path()).getUsableSpace();
      if (usable < NEEDED_BYTES) {
        throw new StartFailure(
            "only "
                + (usable >> 20)
                + " MiB are free on the disk of "
                + data.path()
                + ", at least "
                + (NEEDED_BYTES >> 20)
                + " MiB are needed; free some or choose another --data-dir");
      }
    } catch (IOException e) {
      throw new StartFailure(
          "cannot look at the disk of " + data.path() + ": " + StartFailure.describe(e));
    }
  }
}
