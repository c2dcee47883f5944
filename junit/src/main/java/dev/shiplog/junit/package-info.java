/** For those who test their own operators, controllers and manifests with JUnit. */
package dev.shiplog.junit;
