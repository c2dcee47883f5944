package dev.shiplog.nativecheck.trace;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Reaches itself, in all the ways that are watched. */
public final class Reaching {

  public int field;

  /** Called by its name. */
  public static void hidden(long wide, String narrow) {}

  /** By names that are not known before. */
  public static final class ByName implements Runnable {
    @Override
    public void run() {
      try {
        Class<?> type = Class.forName(name("Reaching"));
        Method method = type.getMethod("hidden", long.class, String.class);
        method.invoke(null, 1L, "");
        Object made = type.getDeclaredConstructor().newInstance();
        Field[] all = type.getDeclaredFields();
        Field field = type.getField(all[0].getName());
        field.setInt(made, 1);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("not reached", e);
      }
    }

    private static String name(String simple) {
      return ByName.class.getPackageName() + "." + simple;
    }
  }

  /** By one that stands in the code. */
  public static final class ByConstant implements Runnable {
    @Override
    public void run() {
      try {
        Class.forName("java.util.List");
        Class.forName("java.util.Set", false, ByConstant.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Near a class and from the top; the last is not there. */
  public static final class Resources implements Runnable {
    @Override
    public void run() {
      var _ = Reaching.class.getResource("Reaching.class");
      var _ =
          Reaching.class.getClassLoader().getResource("dev/shiplog/nativecheck/trace/Reach.class");
      var _ = Reaching.class.getResource("/nowhere");
    }
  }

  /** Two interfaces. */
  public static final class Proxies implements Runnable {
    @Override
    public void run() {
      Proxy.newProxyInstance(
          Reaching.class.getClassLoader(),
          new Class<?>[] {Runnable.class, AutoCloseable.class},
          (_, _, _) -> null);
    }
  }
}
