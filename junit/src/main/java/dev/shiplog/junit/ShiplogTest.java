package dev.shiplog.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class have a Kubernetes cluster: API server, controllers, scheduler and nodes
 * that simulate pods, in the test's own JVM. Constructors, test methods and methods around them may
 * have parameters of the types {@link ShiplogCluster} and {@code
 * io.fabric8.kubernetes.client.KubernetesClient}; the client is an administrator's. Each class and
 * each test method has one of its own, which is closed after it.
 *
 * <p>Classes that ask for the same cluster share one, which is started when the first of them needs
 * it and ends with the test run. Let them work in namespaces of their own.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ShiplogExtension.class)
public @interface ShiplogTest {

  /** How many nodes there are; pods may wait for room as on real ones. */
  int nodes() default 1;

  /**
   * What is left out, as after {@code ./shiplog up --without}: {@code scheduler}, {@code agent},
   * {@code controllers} or {@code controllers=deployment-controller}.
   */
  String without() default "";

  /** A cluster for this class alone, which ends with it. */
  boolean alone() default false;
}
