<?php new A()->b(); new A()->c; new A()::D; new A()['e']; new class {}->f(); new A()();
