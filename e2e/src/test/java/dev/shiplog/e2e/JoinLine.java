package dev.shiplog.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The line with which an operator has a node with real containers join a cluster. */
final class JoinLine {

  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final String PROGRAM = "./shiplog ";

  private final List<String> words;

  private JoinLine(List<String> words) {
    this.words = words;
  }

  /** As a control plane tells it to whoever asks; it says where that is and how to trust it. */
  static JoinLine from(Product control) {
    String told = control.run(List.of("token", "create"), BOUND).succeeded().lines().getLast();
    return of(told.substring(PROGRAM.length()));
  }

  static JoinLine of(String line) {
    return new JoinLine(List.of(line.split(" ")));
  }

  /** The line with more words at its end. */
  JoinLine with(String more) {
    return new JoinLine(Stream.concat(words.stream(), Stream.of(more.split(" "))).toList());
  }

  /**
   * For a node of this name.
   *
   * @param podSubnet the addresses of its containers
   */
  JoinLine as(String name, String podSubnet) {
    return with("--name " + name + " --runtime containerd --pod-subnet " + podSubnet + " --detach");
  }

  /** Starts the node, for the first time or again. */
  void start(Product node) {
    var _ = node.run(words, BOUND).succeeded();
  }

  /** Starts the node for the first time, and gives it an image to run. */
  void start(Product node, Path image) {
    start(node);
    var _ = node.run(List.of("image", "import", image.toString()), BOUND).succeeded();
  }
}
