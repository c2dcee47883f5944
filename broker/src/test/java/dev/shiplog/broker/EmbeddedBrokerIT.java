package dev.shiplog.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerIT {

  @TempDir private Path directory;

  @Test
  void itListensOnLoopbackAndStopsWhenClosed() throws Exception {
    int port;
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
      port = portOf(broker);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void itComesBackOnTheSameDirectoryAsTheSameClusterWhateverItsPorts() {
    String identity;
    int port;
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
      identity = broker.clusterId();
      port = portOf(broker);
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(settings().withPort(port))) {
      assertThat(broker.clusterId()).isEqualTo(identity);
      assertThat(portOf(broker)).isEqualTo(port);
    }
  }

  @Test
  void aDirectoryInUseIsRefusedInOneSentence() {
    try (EmbeddedBroker _ = EmbeddedBroker.start(directory)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(directory))
          .isInstanceOf(BrokerFailure.class)
          .hasMessage(
              "the data directory "
                  + directory
                  + " is in use by another broker: stop that one first");
    }
  }

  @Test
  void aPortThatIsTakenIsRefusedInOneSentenceAndLeavesTheDirectoryFree() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> EmbeddedBroker.start(settings().withPort(port)))
          .isInstanceOf(BrokerFailure.class)
          .hasMessage(
              "the Kafka broker cannot listen on 127.0.0.1:" + port + ": Address already in use");
    }
    EmbeddedBroker.start(directory).close();
  }

  @Test
  void aFileWhereTheDirectoryShouldBeIsRefusedInOneSentence() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> EmbeddedBroker.start(file))
        .isInstanceOf(BrokerFailure.class)
        .hasMessageStartingWith("cannot write to the data directory " + file);
  }

  @Test
  void aStartThatWasKilledBeforeTheDirectoryWasReadyIsRepeated() throws Exception {
    EmbeddedBroker.start(directory).close();
    Files.delete(directory.resolve("meta.properties"));

    try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
      assertThat(broker.clusterId()).isNotEmpty();
    }
  }

  private BrokerSettings settings() {
    return BrokerSettings.in(directory, message -> {});
  }

  private static int portOf(EmbeddedBroker broker) {
    return Integer.parseInt(broker.bootstrapServers().split(":")[1]);
  }
}
