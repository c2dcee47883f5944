package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a cluster that serves one machine offers to others: nothing. */
@ExtendWith(SimulatedCluster.class)
final class ListeningIT {

  private static final String LISTENING = "0A";
  private static final String PORT_AND_REST = ":.*";

  /** 127.0.0.1, the same in IPv6's clothes, and ::1, as the kernel's tables write them. */
  private static final Set<String> LOOPBACK =
      Set.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

  private final Product product;

  ListeningIT(Product product) {
    this.product = product;
  }

  @Test
  void itListensOnLoopbackAlone() throws IOException {
    Set<String> addresses = new TreeSet<>();
    Path process = Path.of("/proc/" + product.pid());
    Set<String> sockets = sockets(process);
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(process.resolve(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields[3].equals(LISTENING) && sockets.contains("socket:[" + fields[9] + "]")) {
          addresses.add(fields[1].replaceFirst(PORT_AND_REST, ""));
        }
      }
    }

    assertThat(addresses).isNotEmpty();
    assertThat(LOOPBACK).containsAll(addresses);
  }

  private static Set<String> sockets(Path process) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      for (Path descriptor : descriptors.toList()) {
        target(descriptor).ifPresent(sockets::add);
      }
    }
    return sockets;
  }

  private static Optional<String> target(Path descriptor) throws IOException {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor).toString());
    } catch (NoSuchFileException closedMeanwhile) {
      return Optional.empty();
    }
  }
}
