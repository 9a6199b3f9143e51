<?php exit(...); exit(status: 1); exit(1,);
