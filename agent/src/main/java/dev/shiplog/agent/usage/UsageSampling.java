package dev.shiplog.agent.usage;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Looks at a meter's source regularly, so that whoever reads it finds rates. */
public final class UsageSampling {

  private static final Logger LOG = Logger.getLogger(UsageSampling.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private UsageSampling() {}

  /** Begins; ends when what it returns is closed. */
  public static Periodic start(UsageMeter meter, AgentServices services) {
    SerialExecutor owner =
        new SerialExecutor(services.threads(), e -> services.faults().fault("Measuring usage", e));
    Periodic sampling =
        new Periodic(services.timers(), owner, services.random(), PAUSE, () -> sample(meter));
    sampling.runNow();
    return sampling;
  }

  private static void sample(UsageMeter meter) {
    try {
      meter.sample();
    } catch (PodRuntimeException e) {
      LOG.debugf("%s: usage is not known: %s", meter.node(), e.getMessage());
    }
  }
}
