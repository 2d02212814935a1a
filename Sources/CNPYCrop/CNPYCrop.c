// A target of SwiftPM has a source file. The functions are Swift's: Sources/NPYCropC.
#include "npycrop.h"
