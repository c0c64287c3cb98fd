package org.fwreplay.xt;

import java.util.List;
