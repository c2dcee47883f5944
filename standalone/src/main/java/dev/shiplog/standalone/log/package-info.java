/** How a process writes its log. */
package dev.shiplog.standalone.log;
