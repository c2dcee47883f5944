package dev.shiplog.agent.pod;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.config.ServiceSource;
import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.csi.NodeStorage;
import dev.shiplog.agent.events.EventRecorder;
import dev.shiplog.agent.events.TalkBudget;
import dev.shiplog.agent.files.DirectoryPodFiles;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.node.TestSettings;
import dev.shiplog.agent.probes.RealProber;
import dev.shiplog.agent.testing.ControlledPodNetwork;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.time.Timers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** The pods of a node with real containers, for as long as its threads live. */
final class MortalAgent {

  final NodePods pods;
  private final InMemoryCluster cluster;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ContainerdRuntime runtime;
  private volatile boolean dead;

  /** One that goes on with what earlier ones left in this directory. */
  MortalAgent(
      Path directory, InMemoryCluster cluster, Timers timers, RecordingFaultHandler faults) {
    this.cluster = cluster;
    runtime =
        ContainerdRuntime.on(directory.resolve("containerd").resolve("containerd.sock"), "node");
    AgentServices services =
        new AgentServices(
            cluster,
            timers,
            this::execute,
            new Random(1),
            (what, why) -> {
              // What is under way ends in many ways when all is taken from it.
              if (!dead) {
                faults.fault(what, why);
              }
            });
    NodeSettings settings = TestSettings.in(directory);
    ConfigSource config = new ConfigSource(cluster, timers);
    ControlledPodNetwork network = new ControlledPodNetwork();
    NodeStorage storage = new NodeStorage("east", settings.dataDirectory(), services);
    pods =
        new NodePods(
            new NodeContext(
                settings,
                services,
                runtime,
                new DirectoryPodFiles(settings, config, cluster, timers, storage),
                config,
                ServiceSource.NONE,
                new RealProber(runtime, network),
                network,
                new EventRecorder(
                    services, settings.name(), Duration.ZERO, TalkBudget.ofAllNodes())));
    cluster.onPodChange(
        pods::assigned,
        pod -> pods.removed(pod.getMetadata().getNamespace(), pod.getMetadata().getName()));
  }

  private void execute(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      // It is dead: nothing more comes of what was under way.
    }
  }

  /** Without a word to anybody: what it asked the runtime for is broken off. */
  void die() {
    dead = true;
    cluster.onPodChange(pod -> {}, pod -> {});
    runtime.close();
    pods.close();
    threads.shutdownNow();
  }
}
