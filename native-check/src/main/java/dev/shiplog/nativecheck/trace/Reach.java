package dev.shiplog.nativecheck.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The ways of reaching something by its name that a native image has to be told of. */
public enum Reach {
  /** A class by its name. */
  CLASS,
  /** A look at one method, or at all. */
  METHODS,
  /** A look at one constructor, or at all. */
  CONSTRUCTORS,
  /** A look at one field, or at all. */
  FIELDS,
  /** A constructor is called. */
  CONSTRUCT,
  /** A method is called. */
  INVOKE,
  /** A field is read or written. */
  ACCESS,
  /** A file of the class path. */
  RESOURCE,
  /** Texts by the name of their bundle. */
  BUNDLE,
  /** A class that is made for interfaces. */
  PROXY,
  /** An object out of a stream of bytes. */
  SERIALIZATION;

  private static final Map<String, Reach> CALLS = new HashMap<>();

  static {
    put(CLASS, "java/lang/Class", "forName");
    put(CLASS, "java/lang/ClassLoader", "loadClass");
    put(METHODS, "java/lang/Class", "getMethod", "getDeclaredMethod");
    put(METHODS, "java/lang/Class", "getMethods", "getDeclaredMethods", "getRecordComponents");
    put(CONSTRUCTORS, "java/lang/Class", "getConstructor", "getDeclaredConstructor");
    put(CONSTRUCTORS, "java/lang/Class", "getConstructors", "getDeclaredConstructors");
    put(FIELDS, "java/lang/Class", "getField", "getDeclaredField", "getFields");
    put(FIELDS, "java/lang/Class", "getDeclaredFields");
    put(CONSTRUCT, "java/lang/Class", "newInstance");
    put(CONSTRUCT, "java/lang/reflect/Constructor", "newInstance");
    put(INVOKE, "java/lang/reflect/Method", "invoke");
    put(ACCESS, "java/lang/reflect/Field", "get", "getInt", "getLong", "getBoolean");
    put(ACCESS, "java/lang/reflect/Field", "set", "setInt", "setLong", "setBoolean");
    put(RESOURCE, "java/lang/Class", "getResource", "getResourceAsStream");
    put(RESOURCE, "java/lang/ClassLoader", "getResource", "getResources", "getResourceAsStream");
    put(RESOURCE, "java/lang/ClassLoader", "getSystemResource", "getSystemResources");
    put(RESOURCE, "java/lang/ClassLoader", "getSystemResourceAsStream");
    put(BUNDLE, "java/util/ResourceBundle", "getBundle");
    put(PROXY, "java/lang/reflect/Proxy", "newProxyInstance");
    put(SERIALIZATION, "java/io/ObjectInputStream", "readObject");
  }

  private static void put(Reach reach, String owner, String... methods) {
    for (String method : methods) {
      CALLS.put(owner + "." + method, reach);
    }
  }

  /** What a call of this method is, if it is any. */
  static Optional<Reach> of(String owner, String method) {
    return Optional.ofNullable(CALLS.get(owner + "." + method));
  }

  /** Whether it is more than a look. */
  public boolean isUsed() {
    return this == INVOKE || this == CONSTRUCT || this == ACCESS;
  }

  /** Whether it is noted before the call: it may not come back, and what it gives is not needed. */
  boolean isNotedBefore() {
    return isUsed();
  }
}
