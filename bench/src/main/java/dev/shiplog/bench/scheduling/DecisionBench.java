package dev.shiplog.bench.scheduling;

import dev.shiplog.scheduler.model.Pod;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The decision alone, by the clock on the wall: 2,000 pending pods of a kind in a cluster, each
 * assumed on its node with a bind command asked for before the next is looked at.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DecisionBench {

  static final int PODS = 2_000;

  /** How many nodes there are. */
  @Param({"1000", "5000"})
  public int nodes;

  /** Which of {@link Workload#drawn()}. */
  @Param({"0", "1", "2", "3"})
  public int workload;

  private List<Pod> pods;
  private Round round;

  /** Reads the pods. */
  @Setup(Level.Trial)
  public void pods() {
    pods = Round.pods(Workload.drawn().get(workload), PODS);
  }

  /** Makes a new cluster. */
  @Setup(Level.Invocation)
  public void cluster() {
    round = Round.pending(nodes, pods);
  }

  /** Decides on all pods. */
  @Benchmark
  public int decide() {
    return round.run();
  }
}
