package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A plugin from an outside jar has its say from the filter to the binding. Of its licences there
 * are two seats, and pods wait until both are taken.
 */
@ExtendWith(SchedulingCluster.class)
final class SchedulerPluginIT {

  private final SchedulingCluster.Running running;
  private final Kubectl kubectl;

  SchedulerPluginIT(SchedulingCluster.Running running) {
    this.running = running;
    this.kubectl = running.product().kubectl();
  }

  private void licensed(String name) {
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {example.com/licence: cad}}
        spec:
          schedulerName: licences
          terminationGracePeriodSeconds: 0
          containers: [{name: c, image: busybox}]
        """
            .formatted(name));
  }

  private String seatOf(String pod) {
    return kubectl.ok("get pod " + pod + " -o jsonpath={.metadata.labels.example\\.com/seat}");
  }

  @Test
  void podsWaitForEachOtherGetSeatsAndOnesTooManyWaits() {
    licensed("first");
    licensed("second");
    kubectl.ok("wait --for=condition=Ready pod/first pod/second --timeout=60s");
    assertThat(List.of(seatOf("first"), seatOf("second"))).containsExactlyInAnyOrder("1", "2");

    licensed("third");
    kubectl.await(
        "get pod third -o jsonpath={.status.conditions[?(@.type==\"PodScheduled\")].message}",
        "0/4 nodes are available: 4 node(s) had no free seat of licence cad. preemption: 0/4 nodes"
            + " are available: 4 Preemption is not helpful for scheduling.");
    assertThat(explain("third")).contains("Seats: node(s) had no free seat of licence cad");

    String freed = seatOf("first");
    kubectl.ok("delete pod first");
    kubectl.ok("wait --for=condition=Ready pod/third --timeout=60s");
    assertThat(seatOf("third")).isEqualTo(freed);
    kubectl.ok("delete pod second third");
  }

  private String explain(String pod) {
    List<String> command = new ArrayList<>(List.of("explain", pod));
    command.addAll(running.pluginOptions());
    return running.product().run(command, Duration.ofMinutes(1)).succeeded().out();
  }
}
