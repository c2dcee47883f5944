package dev.shiplog.agent.pod;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a node of its own, which knows from the log that it has no pods yet. */
abstract class OnTestNode {

  @TempDir private Path directory;

  TestNode node;

  @BeforeEach
  final void openNode() {
    node = new TestNode(directory);
    node.pods.snapshot(List.of());
  }

  @AfterEach
  final void closeNode() {
    node.close();
  }
}
