package dev.shiplog.api.runtime;

import dev.shiplog.topics.fault.FaultHandler;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Stops the process: a server that cannot trust its own state must not serve from it. */
@DefaultBean
@ApplicationScoped
public class StoppingFaultHandler implements FaultHandler {

  private static final Logger LOG = Logger.getLogger(StoppingFaultHandler.class);

  @Override
  public void fault(String what, Throwable cause) {
    LOG.fatal(what + "; the server stops", cause);
    Quarkus.asyncExit(1);
  }
}
