package dev.shiplog.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
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
      port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void itComesBackOnTheSameDirectoryAsTheSameCluster() throws Exception {
    EmbeddedBroker.start(directory).close();
    String identity = Files.readString(directory.resolve("meta.properties"));
    EmbeddedBroker.start(directory).close();
    assertThat(Files.readString(directory.resolve("meta.properties"))).isEqualTo(identity);
  }

  @Test
  void aDirectoryInUseIsRefusedInOneSentence() {
    try (EmbeddedBroker _ = EmbeddedBroker.start(directory)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(directory))
          .isInstanceOf(BrokerFailure.class)
          .hasMessage("the Kafka directory " + directory + " is in use by another process");
    }
  }
}
